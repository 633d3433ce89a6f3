/** No bytes, for what has none yet. */
export const NO_BYTES: Uint8Array = new Uint8Array(0)

/** The bytes that are held, and the part of others that goes on behind them, in an array of their own. */
export function joinBytes(held: Uint8Array, bytes: Uint8Array, start: number, end: number): Uint8Array {
  const joined = new Uint8Array(held.length + end - start)
  joined.set(held)
  joined.set(bytes.subarray(start, end), held.length)
  return joined
}

/**
 * Bytes whose `slice` copies. That of Node's Buffer, in which streams and other packages give their bytes, is a view: it
 * would change with what it was taken from, and keep all of that in memory.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
