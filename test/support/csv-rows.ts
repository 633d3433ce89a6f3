/** Rows and cells of CSV as RFC 4180 has it; throws where it is none. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let rest = text
  while (rest !== '') {
    const [whole, cell] = (/^("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/.exec(rest) ?? []).slice(0, 2)
    if (whole === undefined || cell === undefined) throw new Error(`no CSV: ${JSON.stringify(rest.slice(0, 80))}`)
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (whole.endsWith('\n')) {
      rows.push(row)
      row = []
    }
    rest = rest.slice(whole.length)
  }
  return rows
}
