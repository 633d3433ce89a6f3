/** A capture or folder, and what of it is asked for. */
export interface Selector {
  readonly path: string
  /** null: every stream. */
  readonly stream: number | null
  /** null: every handshake of the stream. */
  readonly handshake: number | null
}

/** `STREAM` or `STREAM.HANDSHAKE` behind the last `#`: numbers that a capture can have. */
const SELECTED = /^(.*)#(\d{1,9})(?:\.(\d{1,9}))?$/s

/** Reads `PATH`, `PATH#STREAM` or `PATH#STREAM.HANDSHAKE`. A file whose name is the whole text wins. */
export function parseSelector(text: string, exists: (path: string) => boolean): Selector {
  const parts = exists(text) ? null : SELECTED.exec(text)
  if (parts === null) return { path: text, stream: null, handshake: null }
  const [, path, stream, handshake] = parts as unknown as [string, string, string, string | undefined]
  return { path, stream: Number(stream), handshake: handshake === undefined ? null : Number(handshake) }
}

/** Whether a selector asks for a handshake of that number in that stream. */
export function selects(
  { stream, handshake }: Selector,
  record: { readonly stream: number; readonly handshake: number },
): boolean {
  return (stream === null || record.stream === stream) && (handshake === null || record.handshake === handshake)
}
