/**
 * A capture as it is called in messages: `-` stands for standard input, and an empty name is shown to be one. Still to be
 * made safe for where it is shown.
 */
export function displayName(capture: string): string {
  if (capture === '') return "''"
  return capture === '-' ? 'standard input' : capture
}
