/** One letter of so many may be wrong: beyond that a word is another word, not a misspelling. */
const LETTERS_A_CHANGE = 3

/** The known word that takes the fewest changes of a letter to get from `word`, case aside; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return nearestFew(word, known, 1)[0]
}

/**
 * The known words that are near, at most so many, the nearest first. Where none is, those of which a part is: `kyber512`
 * for `kybr`.
 */
export function nearestFew(word: string, known: readonly string[], most: number): readonly string[] {
  const given = word.toLowerCase()
  const whole = nearWhole(given, known)
  return (whole.length > 0 || given.length < LETTERS_OF_A_PART ? whole : nearParts(given, known)).slice(0, most)
}

/** The same where a part is another thing: every name ends in a top-level domain. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  return nearWhole(name.toLowerCase(), known)[0]
}

function nearWhole(given: string, known: readonly string[]): readonly string[] {
  return near(known, (candidate) => {
    const allowed = Math.max(given.length, candidate.length) / LETTERS_A_CHANGE
    // No distance is less than what the lengths differ by.
    if (Math.abs(given.length - candidate.length) > allowed) return null
    const changes = distance(given, candidate)
    return changes <= allowed ? changes : null
  })
}

/** Shorter words are parts of too many. */
const LETTERS_OF_A_PART = 4

/** Of words that are as near, the shortest come first. */
function nearParts(given: string, known: readonly string[]): readonly string[] {
  const allowed = Math.floor(given.length / LETTERS_OF_A_PART)
  const byLength = [...known].sort((a, b) => a.length - b.length)
  return near(byLength, (candidate) => {
    if (given.length - candidate.length > allowed) return null
    const changes = distance(given, candidate, true)
    return changes <= allowed ? changes : null
  })
}

/** The words that have a number of changes, case aside, the fewest first; sorting is stable. */
function near(words: readonly string[], changesOf: (lower: string) => number | null): readonly string[] {
  return [...new Set(words)]
    .flatMap((candidate) => {
      const changes = changesOf(candidate.toLowerCase())
      return changes === null ? [] : [{ candidate, changes }]
    })
    .sort((a, b) => a.changes - b.changes)
    .map(({ candidate }) => candidate)
}

/**
 * Letters to change, add, leave out or swap with the next one, a row of the matrix at a time; of a part, what stands
 * before and behind it in `b` counts nothing.
 */
function distance(a: string, b: string, ofPart = false): number {
  let twoAbove: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => (ofPart ? 0 : i))
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? (twoAbove[j - 2] as number) + 1 : replaced
      row.push(Math.min(replaced, swapped, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    twoAbove = above
    above = row
  }
  return ofPart ? Math.min(...above) : (above[b.length] as number)
}
