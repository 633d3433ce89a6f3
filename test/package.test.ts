import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** A folder of its own, in which the packed package is installed with nothing but the packages it depends on. */
let consumer = ''
let packed: { readonly version: string; readonly files: readonly { readonly path: string; readonly mode: number }[] }

beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'pqcap-package-'))
  const npm = ['pack', ROOT, '--json', '--ignore-scripts', '--pack-destination', consumer]
  packed = JSON.parse(
    execFileSync('npm', npm, { cwd: consumer, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )[0]

  const installed = join(consumer, 'node_modules', 'pqcap')
  mkdirSync(installed, { recursive: true })
  const archive = join(consumer, `pqcap-${packed.version}.tgz`)
  execFileSync('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'])
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  for (const [path, { dev, link: isLink }] of Object.entries<{ dev?: boolean; link?: boolean }>(lock.packages)) {
    if (path === '' || dev === true || isLink === true) continue
    const link = join(consumer, path)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(ROOT, path), link)
  }
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ type: 'module' }))
})

afterAll(() => rmSync(consumer, { recursive: true, force: true }))

describe('the packed package', () => {
  test('holds the build of every source, and nothing else that is not for its users', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.d.ts'),
    )
    const built = sources.flatMap((path) => ['.js', '.d.ts'].map((end) => `dist/${path.replace(/\.ts$/, end)}`))
    // The README and what the command says name them: whoever has installed the package has no checkout.
    const beside = ['docs', 'examples', 'schemas'].flatMap((folder) =>
      readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
    )
    const rest = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/package.json',
      'bin/pqcap',
      'package.json',
      'dist/bin/pqcap.cjs',
      'dist/bin/start.cjs',
      'dist/bin/worker.js',
    ]
    // What the launcher runs is bundled, with the licences of what went into it; the names of its parts have a hash.
    const part = /^dist\/bin\/([\w-]+-[\w-]{8}\.c?js|(worker-)?LICENSES\.txt)$/
    const paths = packed.files.map(({ path }) => path).filter((path) => !part.test(path))
    expect(paths.sort()).toEqual([...built, ...beside, ...rest].sort())
  })

  test('holds the documents that its README and its documents send users to', () => {
    const documents = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
    const links = documents.flatMap((document) =>
      [...readFileSync(join(ROOT, document), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) =>
        join(dirname(document), path as string),
      ),
    )
    const forUsers = links.filter((path) => /^(?:docs|examples|schemas)\//.test(path))
    expect(forUsers.length).toBeGreaterThan(10)
    const paths = packed.files.map(({ path }) => path)
    expect(forUsers.filter((path) => !paths.includes(path))).toEqual([])
  })

  test('has a launcher that can be executed', () => {
    expect(packed.files.find(({ path }) => path === 'bin/pqcap')?.mode).toBe(0o755)
  })

  test('is what publint approves of', async () => {
    const { messages } = await publint({ pkgDir: join(consumer, 'node_modules', 'pqcap'), pack: false, strict: true })
    expect(messages).toEqual([])
  })
})

describe('installed in another folder', () => {
  test('the command reads a sample', () => {
    const launcher = join(consumer, 'node_modules', 'pqcap', 'bin', 'pqcap')
    const sample = join(ROOT, 'samples', 'hybrid-x25519mlkem768.pcap')
    for (const format of ['ndjson', 'table', 'json', 'csv']) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, '--format', format, sample], {
        cwd: consumer,
        encoding: 'utf8',
      })
      expect({ status, stderr }, format).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain('X25519MLKEM768')
    }
  })

  test('the library gives records and packets', () => {
    writeFileSync(
      join(consumer, 'consumer.js'),
      `import { readFileSync } from 'node:fs'
       import { analyze, readPackets } from 'pqcap'
       const [sample] = process.argv.slice(2)
       const labels = []
       for await (const record of analyze(readFileSync(sample))) if (record.type === 'handshake') labels.push(record.verdict.label)
       let packets = 0
       for await (const packet of readPackets(sample)) packets = packet.frame
       console.log(JSON.stringify({ labels, packets }))`,
    )
    const sample = join(ROOT, 'samples', 'resumed-tls13-psk-only.pcap')
    const output = execFileSync(process.execPath, ['consumer.js', sample], { cwd: consumer, encoding: 'utf8' })
    const records = JSON.parse(readFileSync(sample.replace('.pcap', '.expected.json'), 'utf8'))
    expect(JSON.parse(output)).toEqual({ labels: ['hybrid', 'psk'], packets: records.at(-1).packets })
  })

  test('the schema can be imported by its name', () => {
    const code = "import.meta.resolve('pqcap/schemas/pqcap-1.schema.json') + import.meta.resolve('pqcap/package.json')"
    const run = ['--input-type=module', '--eval', `console.log(${code})`]
    const output = execFileSync(process.execPath, run, { cwd: consumer, encoding: 'utf8' })
    for (const url of output.trim().split(/(?=file:)/)) expect(existsSync(fileURLToPath(url))).toBe(true)
  })

  test('its types serve a strict consumer who has none of Node, and the examples of the documents', () => {
    const examples = ['README.md', 'docs/library.md'].flatMap((document) => [
      ...readFileSync(join(ROOT, document), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g),
    ])
    expect(examples.length).toBeGreaterThan(5)
    for (const [index, [, example]] of examples.entries())
      writeFileSync(join(consumer, `example-${index}.ts`), example as string)
    const files = ['consumer.ts', ...examples.map((_, index) => `example-${index}.ts`)]
    writeFileSync(
      join(consumer, 'consumer.ts'),
      `import { analyze, type HandshakeRecord, type Packet, type PqcapRecord, readPackets } from 'pqcap'
       export async function groups(bytes: Uint8Array, signal: AbortSignal): Promise<(string | null)[]> {
         const names: (string | null)[] = []
         for await (const record of analyze(bytes, { name: 'upload', signal })) {
           const checked: PqcapRecord = record
           if (checked.type === 'handshake') names.push(groupOf(checked))
         }
         return names
       }
       const groupOf = (handshake: HandshakeRecord): string | null => handshake.negotiated?.group?.name ?? null
       export async function first(chunks: AsyncIterable<Uint8Array>): Promise<Packet | null> {
         for await (const packet of readPackets(chunks)) return packet
         return null
       }
       // Options may be handed on as they came.
       export const named = (name?: string, signal?: AbortSignal) => analyze('a.pcap', { name, signal, reader: undefined })
       // @ts-expect-error: a label is one of a closed list
       export const isSafe = (record: HandshakeRecord): boolean => record.verdict.label === 'safe'`,
    )
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    }
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', consumer], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })
})

describe('the manifest', () => {
  test('has a version of which the changelog tells', () => {
    const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
    expect(changelog).toMatch(new RegExp(`^## \\[${manifest.version.replaceAll('.', '\\.')}\\]`, 'm'))
  })

  test('asks for no older Node than the packages it depends on', () => {
    const floor = lowest(manifest.engines.node)
    for (const name of Object.keys(manifest.dependencies)) {
      const { engines } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'))
      expect(lowest(engines?.node ?? '>=0'), name).toBeLessThanOrEqual(floor)
    }
  })

  test('pins every package to one version', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([])
  })
})

/** The first version of a range such as `>=20.19`, as a number that can be compared. */
function lowest(range: string): number {
  const [major = 0, minor = 0] = (/[\d.]+/.exec(range)?.[0] ?? '0').split('.').map(Number)
  return major * 1000 + minor
}
