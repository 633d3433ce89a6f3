/** `1 byte`, `1216 bytes`. */
export function counted(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}
