/** What a character takes of the font size, at most, in the common sans-serif fonts; wide characters take it whole. */
const CHARACTER_WIDTH = 0.56
const WIDE_CHARACTER_WIDTH = 1

/** About how wide a text is drawn: a picture that brings no font cannot know. */
export function drawnWidth(text: string, size: number): number {
  let width = 0
  for (const char of text) width += (char.codePointAt(0) as number) >= 0x1100 ? WIDE_CHARACTER_WIDTH : CHARACTER_WIDTH
  return width * size
}

/** The text, or as much of it as fits the width with `...` behind it. */
export function fitted(text: string, size: number, width: number): string {
  if (drawnWidth(text, size) <= width) return text
  let kept = ''
  for (const char of text) {
    if (drawnWidth(`${kept}${char}...`, size) > width) break
    kept += char
  }
  return `${kept}...`
}
