let bytesOfView: Uint8Array = new Uint8Array(0)
let view: DataView = new DataView(bytesOfView.buffer)
let bytesBefore = bytesOfView
let viewBefore = view

/**
 * A view of the same bytes, index for index: it reads a number at once where the array gives a byte at a time. Those of
 * the last two arrays are kept, as making one costs a good part of reading a packet or a key share: what is read comes
 * from the chunk of the capture in memory, or from where a message was put together.
 */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes === bytesOfView) return view
  const used = bytes === bytesBefore ? viewBefore : new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  bytesBefore = bytesOfView
  viewBefore = view
  bytesOfView = bytes
  view = used
  return view
}
