/**
 * Keeps personal data out of Temporal's history: what an activity throws is stored there, and a driver's message may
 * quote a document including its phone.
 */
import type { ActivityInterceptors } from '@temporalio/worker';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { redactText } from '../config/logger';

/** For `WorkerOptions.interceptors.activity`. Our own failures pass; everything else loses its digits and its cause. */
export function redactFailures(): ActivityInterceptors {
  return {
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof TemporalFailure || !(error instanceof Error)) throw error;
          const failure = ApplicationFailure.create({ message: redactText(error.message), type: error.name });
          failure.stack = redactText(error.stack ?? '');
          throw failure;
        }
      },
    },
  };
}
