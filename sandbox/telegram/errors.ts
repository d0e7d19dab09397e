/** Refusals of the Bot API, worded as the real server words them (telegram.md#errors). */

/** An answer `{"ok":false,…}`; the HTTP status is the same code. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: { retry_after: number },
  ) {
    super(description);
  }
}

export const badRequest = (message: string): ApiError => new ApiError(400, `Bad Request: ${message}`);

export const forbidden = (message: string): ApiError => new ApiError(403, `Forbidden: ${message}`);

export const conflict = (message: string): ApiError => new ApiError(409, `Conflict: ${message}`);

/** Flood control. `seconds` is also sent as the header `Retry-After`. */
export const tooManyRequests = (seconds: number): ApiError =>
  new ApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
