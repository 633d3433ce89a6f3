/** A capture as it is called in messages: `-` stands for standard input. Still to be made safe for where it is shown. */
export function displayName(capture: string): string {
  return capture === '-' ? 'standard input' : capture
}
