import { readdirSync, readFileSync, rmSync } from 'node:fs'

// The command alone: Node takes about half a millisecond to find, read and link a module, and the command has a
// hundred, and its packages as many again. In a few files it starts 40 ms sooner (bench/results.md), and as CommonJS
// another 8 ms: Node's loader of ES modules takes that long to start. The library stays as tsc makes it. The worker
// threads have files of their own: shared ones would be more and smaller, and both would start later.
const [command, worker, start] = [
  ['pqcap', 'main', '', 'cjs'],
  ['worker', 'worker', 'worker-', 'js'],
  ['start', 'start', 'start-', 'cjs'],
].map(([name, file, prefix, extension]) => ({
  input: { [name]: `dist/cli/${file}.js` },
  // Loaded on demand only, and by the library as well.
  external: ['fzstd', 'pcap-ng-parser', 'xxhash-wasm'],
  platform: 'node',
  logLevel: 'warn',
  plugins: [withoutOldCode(), withoutPrograms(), inAscii(), licenses(`${prefix}LICENSES.txt`)],
  output: {
    dir: 'dist/bin',
    format: extension === 'cjs' ? 'cjs' : 'es',
    // With V8's code cache, `import()` is experimental and says so.
    dynamicImportInCjs: false,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `${prefix}[name]-[hash].${extension}`,
  },
}))

export default [command, worker, start]

/** What V8 compiled of an earlier build (scripts/make-code-cache.mjs) is not left: V8 tells texts apart by their length. */
function withoutOldCode() {
  return {
    name: 'without-old-code',
    buildStart: () => rmSync('dist/bin/code-cache', { recursive: true, force: true }),
  }
}

/** Commander can run subcommands as programs, which pqcap has none of: what that needs takes Node 3 ms to load. */
function withoutPrograms() {
  return {
    name: 'without-programs',
    resolveId: (id, importer) =>
      id === 'node:child_process' && /\/node_modules\/commander\//.test(importer ?? '') ? '\0no-programs' : null,
    load: (id) => (id === '\0no-programs' ? 'export {}' : null),
  }
}

/** Escapes what is not ASCII: V8 keeps any other text in two bytes a character, which takes a millisecond more. */
function inAscii() {
  return {
    name: 'in-ascii',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
      }
    },
  }
}

/** Writes the licences of the packages that went into the files beside them, as they ask for. */
function licenses(fileName) {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const folders = new Set()
      for (const { moduleIds = [] } of Object.values(bundle)) {
        for (const id of moduleIds) {
          const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []
          if (folder !== undefined) folders.add(folder)
        }
      }
      if (folders.size === 0) return
      this.emitFile({ type: 'asset', fileName, source: [...folders].sort().map(licenseOf).join('\n') })
    },
  }
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : `\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
  return `${name} ${version} (${license})\n${text}`
}
