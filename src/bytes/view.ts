let view: DataView = new DataView(new ArrayBuffer(0))
let viewBefore = view

/**
 * A view of the whole buffer that the bytes are in: index 0 is at their `byteOffset`. Those of the last two buffers are
 * kept, as a view for each message costs a good part of reading a key share: messages come from the chunk of the capture
 * that is being read, or from where they were put together.
 */
export function viewOf(bytes: Uint8Array): DataView {
  if (view.buffer === bytes.buffer) return view
  const used = viewBefore.buffer === bytes.buffer ? viewBefore : new DataView(bytes.buffer)
  viewBefore = view
  view = used
  return view
}
