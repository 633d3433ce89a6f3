/** No bytes, for what has none yet. */
export const NO_BYTES: Uint8Array = new Uint8Array(0)

/**
 * Bytes whose `slice` copies. That of Node's Buffer, in which streams and other packages give their bytes, is a view: it
 * would change with what it was taken from, and keep all of that in memory.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
