/** Done: whatever was found is on standard output. */
export const EXIT_DONE = 0
/** A condition that was asked about holds: a check failed. */
export const EXIT_CHECK_FAILED = 1
/** Wrong usage, an input that could not be read whole, or an output that could not be written. */
export const EXIT_FAILED = 2

/** The command line asks for something that is not there. The message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
