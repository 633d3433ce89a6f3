import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Detected, detect } from '../../src/capture/detect.js'
import { big, join, little } from '../support/bytes.js'
import { text } from '../support/capture-reading.js'
import { pcap, pcapng, sectionHeader } from '../support/captures.js'

/** Detects bytes that lie between others. */
function detected(bytes: Uint8Array): Detected {
  const around = join(new Uint8Array(5).fill(0xd4), bytes, new Uint8Array(5).fill(0xd4))
  return detect(around, 5, 5 + bytes.length)
}

function looksLike(bytes: Uint8Array | string): string | null {
  const found = detected(typeof bytes === 'string' ? text(bytes) : bytes)
  return found.kind === 'other' ? found.looksLike : null
}

describe('detect', () => {
  it('knows pcap in both byte orders and all its magic numbers', () => {
    for (const byteOrder of ['little', 'big'] as const) {
      for (const options of [{}, { nanoseconds: true }, { modified: true }])
        expect(detected(pcap([], { ...options, byteOrder }))).toEqual({ kind: 'pcap' })
    }
  })

  it('knows pcapng in both byte orders, also where no more than the block type is there', () => {
    for (const byteOrder of ['little', 'big'] as const) {
      const bytes = pcapng([sectionHeader()], byteOrder)
      for (const length of [4, 11, 12, 28]) expect(detected(bytes.subarray(0, length))).toEqual({ kind: 'pcapng' })
    }
    expect(detected(join([0x0a, 0x0d, 0x0d, 0x0a], new Uint8Array(24))).kind).toBe('other')
  })

  it('knows gzip and zstd, also a zstd stream that begins with a skippable frame', () => {
    expect(detected(Uint8Array.of(0x1f, 0x8b, 8, 0))).toEqual({ kind: 'compressed', compression: 'gzip' })
    for (const magic of [0xfd2fb528, 0x184d2a50, 0x184d2a5f])
      expect(detected(little(magic, 8))).toEqual({ kind: 'compressed', compression: 'zstd' })
    expect(detected(little(0x184d2a60, 8)).kind).toBe('other')
    expect(detected(Uint8Array.of(0x1f, 0x8b)).kind).toBe('other')
  })

  const BINARIES: readonly (readonly [string, string])[] = [
    ['\x02\x21\x4c\x18', 'an lz4 stream: decompress it first, as in `lz4 -dc FILE | pqcap -`'],
    ['\x04\x22\x4d\x18', 'an lz4 stream: decompress it first, as in `lz4 -dc FILE | pqcap -`'],
    ['\xfd7zXZ\x00', 'an xz stream: decompress it first, as in `xz -dc FILE | pqcap -`'],
    ['BZh91AY', 'a bzip2 stream: decompress it first, as in `bzip2 -dc FILE | pqcap -`'],
    ['PK\x03\x04', 'a zip archive: extract the capture from it first'],
    ['PK\x05\x06', 'an empty zip archive'],
    ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive: extract the capture from it first'],
    ['snoop\x00\x00\x00', 'a Solaris snoop capture: convert it with `editcap -F pcapng FILE OUT`'],
    ['RTSS', 'a Microsoft Network Monitor 1 capture: convert it with `editcap -F pcapng FILE OUT`'],
    ['GMBU', 'a Microsoft Network Monitor 2 capture: convert it with `editcap -F pcapng FILE OUT`'],
    ['TRSNIFF data    \x1a', 'a Sniffer capture: convert it with `editcap -F pcapng FILE OUT`'],
    ['XCP\x00', 'a NetXRay capture: convert it with `editcap -F pcapng FILE OUT`'],
    ['btsnoop\x00', 'a Bluetooth snoop log, which holds no IP packets'],
    ['\x7fELF', 'an ELF program'],
    ['%PDF-1.7', 'a PDF document'],
    ['\x89PNG', 'a PNG picture'],
    ['SQLite format 3\x00', 'an SQLite database'],
    ['-----BEGIN CERTIFICATE-----', 'a PEM file'],
  ]
  it.each(BINARIES)('names what begins with %j', (magic, name) => {
    const bytes = Uint8Array.from(magic, (char) => char.charCodeAt(0))
    expect(looksLike(bytes)).toBe(name)
    expect(looksLike(join(bytes, new Uint8Array(600)))).toBe(name)
  })

  const TEXTS: readonly (readonly [string, string])[] = [
    ['<!DOCTYPE html><title>404</title>', 'an HTML page: the download may have failed'],
    ['\n  <html lang="en">', 'an HTML page: the download may have failed'],
    ['\ufeff<html>', 'an HTML page: the download may have failed'],
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:00',
      'a Git LFS pointer: fetch the file itself with `git lfs pull`',
    ],
    ['<?xml version="1.0"?>\n<pdml>', 'an XML file: give the capture itself, not an export of it'],
    ['{"_source": 1}', 'a JSON file: give the capture itself, not an export of it'],
    ['[ 1 ]', 'a JSON file: give the capture itself, not an export of it'],
    [
      '12:34:56.789012 IP 192.0.2.1.443 > 192.0.2.2.50000: Flags [S]',
      'what tcpdump prints: write a capture with `tcpdump -w FILE`',
    ],
    ['hello', 'a text file'],
    ['größer als ASCII', 'a text file'],
  ]
  it('knows a tar archive by what stands far behind its start', () => {
    const archive = new Uint8Array(512)
    archive.set(text('capture.pcap'))
    archive.set(text('ustar'), 257)
    expect(looksLike(archive)).toBe('a tar archive: extract the capture from it first')
    expect(looksLike(archive.subarray(0, 261))).toContain('an unknown binary file')
  })

  it('takes no bytes for text that are neither ASCII, more or less, nor UTF-8', () => {
    expect(looksLike(Uint8Array.of(0xd4, 0xc3, 0xb2))).toBe('an unknown binary file (3 bytes)')
    expect(looksLike(Uint8Array.from({ length: 600 }, (_, i) => 0x80 + (i % 128)))).toContain('an unknown binary file')
    expect(looksLike(Uint8Array.from('Grösse in Latin-1', (char) => char.charCodeAt(0)))).toBe('a text file')
    expect(looksLike(text('ж'.repeat(400)).subarray(0, 511))).toBe('a text file')
  })

  it.each(TEXTS)('names the text %j', (content, name) => {
    expect(looksLike(content)).toBe(name)
  })

  it('names an ETL trace', () => {
    const header = join(little(0x10000, 4), little(0x800, 4), new Uint8Array(88))
    expect(looksLike(header)).toBe('an ETL trace: convert it with `etl2pcapng` or `pktmon etl2pcap`')
    expect(looksLike(header.subarray(0, 95))).toContain('unknown binary file')
  })

  it('shows the first bytes of what it does not know', () => {
    expect(looksLike(new Uint8Array(0))).toBe('an empty file')
    expect(looksLike(Uint8Array.of(1))).toBe('an unknown binary file (1 bytes)')
    expect(looksLike(join(big(0x00c0ffee, 4), [0]))).toBe('an unknown binary file (first bytes 0x00c0ffee)')
  })

  it('has an answer for any bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(detected(bytes).kind).toMatch(/^(pcap|pcapng|compressed|other)$/)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})
