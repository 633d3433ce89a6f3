/** One letter of so many may be wrong: beyond that a word is another word, not a misspelling. */
const LETTERS_A_CHANGE = 3

/** The known word that takes the fewest changes of a letter to get from `word`, case aside; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return nearestFew(word, known, 1)[0]
}

/** The known words that are near, at most so many, the nearest first. */
export function nearestFew(word: string, known: readonly string[], most: number): readonly string[] {
  return [...new Set(known)]
    .map((candidate) => ({ candidate, changes: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, changes }) => changes <= Math.max(word.length, candidate.length) / LETTERS_A_CHANGE)
    .sort((a, b) => a.changes - b.changes)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** Letters to change, add, leave out or swap with the next one, a row of the matrix at a time. */
function distance(a: string, b: string): number {
  let twoAbove: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
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
  return above[b.length] as number
}
