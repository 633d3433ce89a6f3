import type { PartKind } from '../../compare/comparison.js'
import { counted } from '../counted.js'
import { type Colors, paint, type Tone } from '../paint.js'
import { barParts, kindsIn, longest, type MessageBars, PART_WORDS } from './bars.js'

/** Each kind of part has a pattern of its own, so that colour is not needed. */
const FILLS: Readonly<Record<PartKind, { readonly character: string; readonly tone: Tone }>> = {
  'post-quantum': { character: '█', tone: 'safe' },
  classical: { character: '▓', tone: 'weak' },
  share: { character: '▒', tone: 'neutral' },
  other: { character: '░', tone: 'plain' },
}

const LONGEST_BAR = 64
const SHORTEST_BAR = 8
const LEAST_BAR = 24
const INDENT = 2
const WHICH_WIDTH = 'before  '.length

/**
 * A bar for each message of both sides, all on one scale, with the parts of key shares in it. It is as wide as `width`
 * allows, and told by its patterns where there is no colour.
 */
export function barsText(bars: readonly MessageBars[], width: number, colors: Colors): string {
  const nameWidth = bars.reduce((most, { name }) => Math.max(most, name.length), 0) + 2
  const most = longest(bars)
  const numberWidth = counted(most).length + 2
  // The name has a line of its own where it would take the bar's room.
  const ownLine = width - nameWidth - WHICH_WIDTH - numberWidth < LEAST_BAR
  const indent = ownLine ? INDENT : nameWidth
  const room = width - indent - WHICH_WIDTH - numberWidth
  const barWidth = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, room))
  let text = `${paint('Bytes of each message, to scale', 'strong', colors)}\n`
  for (const { name, before, after } of bars) {
    const sides = [before, after]
    text += sides
      .map((message, i) => {
        const label = i > 0 ? '' : ownLine ? `${name}\n${' '.repeat(indent)}` : name
        const start = `${label.padEnd(indent)}${i === 0 ? 'before  ' : 'after   '}`
        if (message === null) return `${start}${paint('-', 'faint', colors)}\n`
        let bar = ''
        for (const { part, start, end } of barParts(message, most, barWidth)) {
          const { character, tone } = FILLS[part.kind]
          if (end > start) bar += paint(character.repeat(end - start), tone, colors)
        }
        return `${start}${counted(message.bytes).padStart(numberWidth - 2)}  ${bar}\n`
      })
      .join('')
  }
  const legend = kindsIn(bars).map((kind) => {
    const { character, tone } = FILLS[kind]
    return `${paint(character.repeat(2), tone, colors)} ${PART_WORDS[kind]}`
  })
  return `${text}${legend.join('\n')}\n`
}
