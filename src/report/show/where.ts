import type { Piece } from '../../bytes/pieces.js'
import { shellWord } from '../../bytes/shell-word.js'
import type { CaptureRecord } from '../../verdict/record.js'
import { counted, plural } from '../counted.js'
import { type Page, type Span, span } from './lines.js'

/** The commands that show pieces of a capture, one each; a piece that does not stand there as it is has none. */
export function pieceCommands(pieces: readonly Piece[], capture: CaptureRecord): string[] {
  return pieces.flatMap(({ offset, length }) => (offset === null ? [] : [pieceCommand(offset, length, capture)]))
}

function pieceCommand(offset: number, length: number, capture: CaptureRecord): string {
  const dump = `xxd -s ${offset} -l ${length}`
  if (capture.compression === null) return `${dump} ${fileWord(capture)}`
  return `${DECOMPRESS[capture.compression]} ${fileWord(capture)} | ${dump}`
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
  const terms = filter.split(/(?<= && )/).map((text): Span => ({ text, tone: 'plain', whole: true }))
  page.flow([span('filter  ', 'faint'), ...terms], indent, indent + 8)
  pieces.slice(0, MOST_PIECES).forEach((piece, i) => {
    page.flow([span(i === 0 ? 'bytes   ' : '        ', 'faint'), pieceSpan(piece, capture)], indent, indent + 8)
  })
  const left = pieces.slice(MOST_PIECES)
  if (left.length === 0) return
  const bytes = left.reduce((sum, { length }) => sum + length, 0)
  page.flow([span(`${plural(bytes, 'byte')} in ${counted(left.length)} more places`, 'faint')], indent + 8, indent + 8)
}

/** Pieces told one by one: a message in segments of a few bytes has hundreds, and the tree has the place of each field. */
const MOST_PIECES = 16

function pieceSpan({ offset, length, frame }: Piece, capture: CaptureRecord): Span {
  if (offset !== null) return { text: pieceCommand(offset, length, capture), tone: 'plain', whole: true }
  return span(`${plural(length, 'byte')} from IP fragments (frame ${frame}): in no one place of the file`)
}

/** How offsets are meant, where they are not simply those of the file. */
export function offsetsNote({ capture, compression }: CaptureRecord): string | null {
  if (capture === '-')
    return `Offsets count from the first byte of standard input${compression === null ? '' : ', decompressed'}; FILE stands for where it is saved.`
  if (compression === null) return null
  return 'Offsets are in the decompressed capture.'
}
