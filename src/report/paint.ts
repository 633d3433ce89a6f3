/** The colours that a table uses; the functions of `picocolors`, which give the text back as it is where colour is off. */
export interface Colors {
  readonly bold: Paint
  readonly dim: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
  readonly red: Paint
}

type Paint = (text: string) => string

/**
 * What a piece of text means; colour only repeats what the words say. `safe` is green, `weak` yellow, `neutral` cyan,
 * `bad` red: the plain eight colours, which a terminal's theme keeps legible on dark and on light.
 */
export type Tone = 'plain' | 'strong' | 'faint' | 'safe' | 'weak' | 'neutral' | 'bad'

export function paint(text: string, tone: Tone, colors: Colors): string {
  switch (tone) {
    case 'plain':
      return text
    case 'strong':
      return colors.bold(text)
    case 'faint':
      return colors.dim(text)
    case 'safe':
      return colors.green(text)
    case 'weak':
      return colors.yellow(text)
    case 'neutral':
      return colors.cyan(text)
    case 'bad':
      return colors.red(text)
  }
}
