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
