/** Puts the message and stack of a failure into a payload, so that they are encrypted like all others. */
import { DefaultFailureConverter } from '@temporalio/common';

/** The name by which the SDK finds it, also in the bundle of the workflows. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
