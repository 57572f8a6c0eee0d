/** A failure meant for the person who reads it: its message says what happened, to which file, and what to do. */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
}
