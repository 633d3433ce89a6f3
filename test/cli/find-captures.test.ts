import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findCaptures } from '../../src/cli/find-captures.js'

const folder = mkdtempSync(join(tmpdir(), 'pqcap-find-'))

beforeAll(() => {
  for (const name of ['deep/er', '.hidden', 'node_modules/x', '.git'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const name of [
    'b.pcap',
    'a.pcapng.gz',
    'a.txt',
    'rotated.pcap12',
    'deep/z.cap',
    'deep/er/notes',
    '.hidden/h.pcap',
    'node_modules/x/n.pcap',
    '.git/g.pcap',
    'deep.pcap',
  ])
    writeFileSync(join(folder, name), '')
  symlinkSync(join(folder, 'b.pcap'), join(folder, 'link.pcap'))
  symlinkSync(folder, join(folder, 'deep', 'circle'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const below = (paths: Iterable<string>): string[] => [...paths].map((path) => path.replace(`${folder}/`, ''))

describe('what a folder holds and nobody looks at', () => {
  test('is told: links to folders, and what has the name of a capture and is no file', async () => {
    const odd = join(folder, 'odd')
    mkdirSync(odd)
    symlinkSync('/dev/zero', join(odd, 'zero.pcap'))
    symlinkSync('/dev/zero', join(odd, 'zero'))
    symlinkSync(folder, join(odd, 'runs'))
    const told = [
      'odd/runs: a link to a folder, which is not followed',
      'odd/zero.pcap: not a regular file, and not read',
    ]
    expect(below((await findCaptures([odd])).notRead)).toEqual(told)
    rmSync(odd, { recursive: true })
    expect((await findCaptures([join(folder, 'a.txt')])).notRead).toEqual([])
  })
})

describe('what a pattern passes over', () => {
  const runs = join(folder, 'pattern')
  const told = async (pattern: string): Promise<string[]> =>
    below((await findCaptures([join(runs, 'a.pcap'), `${folder}/pattern/${pattern}`])).notRead)

  beforeAll(() => {
    mkdirSync(join(runs, 'monday/deep'), { recursive: true })
    mkdirSync(join(runs, 'node_modules'))
    for (const name of ['a.pcap', 'monday/b.pcap', 'monday/deep/c.pcap']) writeFileSync(join(runs, name), '')
    symlinkSync(join(runs, 'monday'), join(runs, 'latest'))
    symlinkSync(folder, join(runs, 'monday/up'))
    symlinkSync('/dev/zero', join(runs, 'zero.pcap'))
    symlinkSync('/dev/zero', join(runs, 'zero'))
  })

  afterAll(() => rmSync(runs, { recursive: true }))

  const latest = 'pattern/latest: a link to a folder, which is not followed'
  const up = 'pattern/monday/up: a link to a folder, which is not followed'
  const zero = 'pattern/zero.pcap: not a regular file, and not read'
  const monday = 'pattern/monday: a folder, which the pattern does not go into'
  test.each([
    ['**/*.pcap', [latest, up, zero]],
    ['**', [latest, up, zero]],
    ['*/*.pcap', [latest]],
    ['{monday,latest}/b.pcap', [latest]],
    ['{x,monday/deep}/c.pcap', [latest, up]],
    ['mon*/*', ['pattern/monday/deep: a folder, which the pattern does not go into', up]],
    ['*', [latest, monday, zero]],
    ['*.pcap', [zero]],
    ['*/', [latest, monday, zero]],
    ['./*//b.pcap', [latest]],
    ['x*/../*/b.pcap', [latest]],
  ])('is told, in the order of paths: %s', async (pattern, expected) => {
    expect(await told(pattern)).toEqual(expected)
  })

  test('is not all that ** would go into, where it does not stand by itself', async () => {
    await expect(findCaptures([`${runs}/**.pcap`])).rejects.toThrow(
      `'${runs}/**.pcap': ** stands for folders by itself, between slashes: **/*.pcap in place of **.pcap`,
    )
    await expect(findCaptures([`${runs}/{**,x}/c.pcap`])).rejects.toThrow('by itself, between slashes')
    const { captures } = await findCaptures([`${runs}/{mon*/**,x}/c.pcap`])
    expect(below(captures)).toEqual(['pattern/monday/deep/c.pcap'])
  })

  test('is told where there is nothing else', async () => {
    await expect(findCaptures([`${runs}/l*/*.pcap`])).rejects.toThrow(
      `no file matches '${runs}/l*/*.pcap'; ${runs}/latest: a link to a folder, which is not followed`,
    )
  })

  test('is nothing that is given as well', async () => {
    const { captures, notRead } = await findCaptures([`${runs}/*`, join(runs, 'latest'), `${runs}/monday/`])
    expect(below(notRead)).toEqual([up.replace('monday', 'latest'), up, zero])
    expect(below(captures)).toContain('pattern/latest/b.pcap')
  })

  test('is not what stands in front of the first wildcard, a link or not', async () => {
    const { captures, notRead } = await findCaptures([`${runs}/latest/*.pcap`])
    expect(below(captures)).toEqual(['pattern/latest/b.pcap'])
    expect(notRead).toEqual([])
  })
})

describe('captures are found', () => {
  test('in a folder and all below it, sorted, links to files with them', async () => {
    const { captures, roots, maybe } = await findCaptures([folder])
    expect(below(captures)).toEqual([
      '.hidden/h.pcap',
      'a.pcapng.gz',
      'a.txt',
      'b.pcap',
      'deep.pcap',
      'deep/er/notes',
      'deep/z.cap',
      'link.pcap',
      'rotated.pcap12',
    ])
    expect(below(maybe)).toEqual(['a.txt', 'deep/er/notes'])
    expect(roots).toEqual([folder])
  })

  test('by a pattern, whose fixed part is the folder', async () => {
    const { captures, roots, maybe } = await findCaptures([`${folder}/**/*.{pcap,txt}`])
    expect(below(captures)).toEqual(['.hidden/h.pcap', 'a.txt', 'b.pcap', 'deep.pcap', 'link.pcap'])
    expect(roots).toEqual([folder])
    expect(below(maybe)).toEqual(['a.txt'])
    await expect(findCaptures([`${folder}/*.none`])).rejects.toThrow('no file matches')
  })

  const PACKED = ['g.pcap.1', 'h.pcap.2.gz', 'i.pcap.tar.gz', 'j.cap.tgz', 'k.pcapng.tar']
  test('also of formats and compressions that are not read, so that they are not passed over', async () => {
    const packed = join(folder, 'packed')
    mkdirSync(packed)
    for (const name of ['a.pcap.xz', 'b.pcapng.bz2', 'c.log.xz', 'd.snoop', 'e.etl.zip', 'f.etl.log', ...PACKED])
      writeFileSync(join(packed, name), '')
    const { maybe } = await findCaptures([packed])
    expect(below(maybe)).toEqual(['packed/c.log.xz', 'packed/f.etl.log'])
    rmSync(packed, { recursive: true })
  })

  test('without what is no file and may never end', async () => {
    const links = join(folder, 'links')
    mkdirSync(links)
    symlinkSync('/dev/zero', join(links, 'zero.pcap'))
    symlinkSync(join(folder, 'nowhere'), join(links, 'nowhere.pcap'))
    expect(below((await findCaptures([links])).captures)).toEqual(['links/nowhere.pcap'])
    await expect(findCaptures([`${links}/zero*`])).rejects.toThrow('no file matches')
    // What a pattern fits and leads nowhere is not overlooked either.
    expect(below((await findCaptures([`${links}/*.pcap`])).captures)).toEqual(['links/nowhere.pcap'])
    await expect(findCaptures([`${links}/*.cap`])).rejects.toThrow('no file matches')
    rmSync(links, { recursive: true })
  })

  test('in the order given, each once, and what is named must be one', async () => {
    const { captures, maybe } = await findCaptures([
      join(folder, 'a.txt'),
      '-',
      folder,
      join(folder, 'none'),
      `${folder}/deep/../b.pcap`,
    ])
    expect(below(captures).slice(0, 2)).toEqual(['a.txt', '-'])
    expect(below(captures).at(-1)).toBe('none')
    expect(captures).toHaveLength(11)
    expect(below(maybe)).toEqual(['deep/er/notes'])
  })

  test('of which those that are named must be captures, in whatever order', async () => {
    const named = join(folder, 'a.txt')
    for (const inputs of [
      [named, folder],
      [folder, named],
      [folder, `${folder}/deep/../a.txt`],
    ])
      expect(below((await findCaptures(inputs)).maybe)).toEqual(['deep/er/notes'])
  })

  test('with a folder that cannot be read in its place, so that it is not overlooked', async () => {
    const closed = join(folder, 'deep', 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0)
    const { captures } = await findCaptures([join(folder, 'deep')])
    // Whoever may read everything finds it empty.
    if (process.getuid?.() !== 0) {
      expect(captures).toContain(closed)
      expect((await findCaptures([`${folder}/deep/**/*.cap`])).captures).toContain(closed)
    }
    chmodSync(closed, 0o755)
    rmSync(closed, { recursive: true })
  })
})
