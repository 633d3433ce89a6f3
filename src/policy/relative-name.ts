/**
 * The path of a capture below the folder that it was found in, which stays the same when the folder is elsewhere; of
 * one that was named by itself, its name alone.
 */
export function relativeName(capture: string, roots: readonly string[]): string {
  const path = capture.replaceAll('\\', '/')
  for (const root of roots) {
    const folder = root.replaceAll('\\', '/')
    const start = folder === '' || folder.endsWith('/') ? folder : `${folder}/`
    const isBelow = start === '' ? !path.startsWith('/') : path.startsWith(start)
    if (isBelow) return path.slice(start.length)
  }
  return path.slice(path.lastIndexOf('/') + 1)
}

/**
 * Longer names of captures whose relative names are the same: as many folders above as tell them apart. What is known
 * of one would otherwise be known of the other. Captures whose relative name is their own are left out.
 */
export function distinctNames(captures: readonly string[], roots: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map(captures.map((capture) => [capture, relativeName(capture, roots)]))
  const longer = new Map<string, string>()
  for (let alike = sameNamed(names); alike.length > 0; alike = sameNamed(names)) {
    let isLonger = false
    for (const capture of alike) {
      const before = names.get(capture) as string
      const name = withFolderAbove(capture, before)
      if (name === before) continue
      isLonger = true
      names.set(capture, name)
      longer.set(capture, name)
    }
    if (!isLonger) break
  }
  return longer
}

/** The captures that share their name with another. */
function sameNamed(names: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>()
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...names].filter(([, name]) => (counts.get(name) ?? 0) > 1).map(([capture]) => capture)
}

/** The name, with one more part of the path; the same where there is none. */
function withFolderAbove(capture: string, name: string): string {
  const parts = capture.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
  return parts.slice(-name.split('/').length - 1).join('/')
}
