/** A ClientHello with a hybrid key share is about 1.8 kB: most messages in parts fit. */
const BUFFER_LENGTH = 2048
/** Buffers kept for the next message: as many as handshakes are usually under way at once. */
const MAX_KEPT = 256

const kept: Uint8Array[] = []

/** An array of at least `capacity` bytes with any content, one that was released where there is one. */
export function acquireBuffer(capacity: number): Uint8Array {
  if (capacity > BUFFER_LENGTH) return new Uint8Array(capacity)
  return kept.pop() ?? new Uint8Array(BUFFER_LENGTH)
}

/** Gives an array back: nothing may refer to its bytes any more. */
export function releaseBuffer(buffer: Uint8Array): void {
  if (buffer.length === BUFFER_LENGTH && kept.length < MAX_KEPT) kept.push(buffer)
}
