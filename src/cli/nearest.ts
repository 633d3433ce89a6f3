/** Beyond this many changes a word is another word, not a misspelling. */
const MOST_CHANGES = 4

/** The known word that takes the fewest changes of a letter to get from `word`, case aside; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = MOST_CHANGES + 1
  for (const candidate of known) {
    const changes = distance(word.toLowerCase(), candidate.toLowerCase())
    if (changes < fewest && changes < candidate.length) {
      best = candidate
      fewest = changes
    }
  }
  return best
}

/** As many known words at most, the nearest first, in which no more than a third of the letters are to be changed. */
export function nearestFew(word: string, known: readonly string[], most: number): readonly string[] {
  const limit = Math.min(MOST_CHANGES, Math.floor(word.length / 3))
  return [...new Set(known)]
    .map((candidate) => ({ candidate, changes: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ changes }) => changes <= limit)
    .sort((a, b) => a.changes - b.changes)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** Levenshtein distance, a row of the matrix at a time. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    above = row
  }
  return above[b.length] as number
}
