/** Bytes that are in one piece in a capture. */
export interface Piece {
  /** The frame that holds them. */
  readonly frame: number
  /** Byte offset in the (decompressed) capture; null where they were put together from IP fragments. */
  readonly offset: number | null
  readonly length: number
}

/** A piece of a record or message, with the index of its first byte there. */
export interface PlacedPiece extends Piece {
  readonly start: number
}

/** Adds a piece, joined with the last where it goes on in the same frame. */
export function addPiece(pieces: PlacedPiece[], piece: PlacedPiece): void {
  const last = pieces.at(-1)
  const goesOn =
    last !== undefined &&
    last.frame === piece.frame &&
    last.start + last.length === piece.start &&
    (last.offset === null ? piece.offset === null : last.offset + last.length === piece.offset)
  if (goesOn) pieces[pieces.length - 1] = { ...last, length: last.length + piece.length }
  else if (piece.length > 0) pieces.push(piece)
}

/** The part of some pieces, in order of `start`, that holds `[start, start + length)`, moved so that it begins at `to`. */
export function cutPieces(pieces: readonly PlacedPiece[], start: number, length: number, to = start): PlacedPiece[] {
  const cut: PlacedPiece[] = []
  for (let i = firstAfter(pieces, start); i < pieces.length; i++) {
    const piece = pieces[i] as PlacedPiece
    const from = Math.max(start, piece.start)
    const end = Math.min(start + length, piece.start + piece.length)
    if (from >= end) break
    const offset = piece.offset === null ? null : piece.offset + (from - piece.start)
    addPiece(cut, { start: from - start + to, frame: piece.frame, offset, length: end - from })
  }
  return cut
}

/** Index of the first piece that ends after `start`: a message in segments of one byte has thousands. */
function firstAfter(pieces: readonly PlacedPiece[], start: number): number {
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const piece = pieces[middle] as PlacedPiece
    if (piece.start + piece.length <= start) low = middle + 1
    else high = middle
  }
  return low
}
