/** A direction of a stream: 0 from the endpoint that the flow table holds first, 1 the other way. */
export type Direction = 0 | 1

/** The other direction of a stream. */
export function opposite(direction: Direction): Direction {
  return direction === 0 ? 1 : 0
}
