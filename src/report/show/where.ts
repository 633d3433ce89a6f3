import type { Piece } from '../../bytes/pieces.js'
import type { CaptureRecord } from '../../verdict/record.js'
import { type Page, span } from './lines.js'
import { shellWord } from './shell.js'

/** The commands that show pieces of a capture, one each; a piece that does not stand there as it is has none. */
export function pieceCommands(pieces: readonly Piece[], capture: CaptureRecord): string[] {
  return pieces.flatMap(({ offset, length }) => {
    if (offset === null) return []
    const dump = `xxd -s ${offset} -l ${length}`
    if (capture.compression !== null) return [`${DECOMPRESS[capture.compression]} ${fileWord(capture)} | ${dump}`]
    return [`${dump} ${fileWord(capture)}`]
  })
}

const DECOMPRESS = { gzip: 'gzip -dc', zstd: 'zstd -dc' } as const

/** Standard input can be looked into only where it was saved. */
function fileWord({ capture }: CaptureRecord): string {
  return capture === '-' ? 'FILE' : shellWord(capture)
}

/** Where to look for something oneself: a display filter, and what shows its bytes. */
export function tellWhere(
  page: Page,
  filter: string,
  pieces: readonly Piece[],
  capture: CaptureRecord,
  indent: number,
): void {
  page.flow([span('filter  ', 'faint'), span(filter)], indent, indent + 8)
  const commands = pieceCommands(pieces, capture)
  commands.forEach((command, i) => {
    page.flow([span(i === 0 ? 'bytes   ' : '        ', 'faint'), span(command)], indent, indent + 8)
  })
  if (pieces.some(({ offset }) => offset === null)) {
    const said = 'put together from IP fragments: the bytes stand in no one place of the capture'
    page.flow([span('bytes   ', 'faint'), span(said)], indent, indent + 8)
  }
}

/** How offsets are meant, where they are not simply those of the file. */
export function offsetsNote({ capture, compression }: CaptureRecord): string | null {
  if (capture === '-')
    return `Offsets count from the first byte of standard input${compression === null ? '' : ', decompressed'}; FILE stands for where it is saved.`
  if (compression === null) return null
  return 'Offsets are in the decompressed capture.'
}
