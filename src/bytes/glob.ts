/**
 * Whether the whole text fits the pattern, in which `*` stands for any characters and `?` for one; case aside. Takes
 * at most the product of both lengths in steps, whatever a capture holds.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = text.toLowerCase()
  let at = 0
  let star = -1
  let starAt = 0
  for (let i = 0; i < given.length; ) {
    if (wanted[at] === '*') {
      star = at++
      starAt = i
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[i])) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++starAt
    } else return false
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}
