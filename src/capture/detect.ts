import { readU32Be, readU32Le } from '../bytes/cursor.js'
import { pcapByteOrder } from './pcap.js'
import { isSectionHeader } from './pcapng.js'
import { isZstdMagic } from './zstd-frames.js'

/** What the first bytes of an input say it is. */
export type Detected =
  | { readonly kind: 'pcap' }
  | { readonly kind: 'pcapng' }
  | { readonly kind: 'compressed'; readonly compression: 'gzip' | 'zstd' }
  /** No capture that is read here; `looksLike` completes "it looks like ...". */
  | { readonly kind: 'other'; readonly looksLike: string }

/** Bytes that `detect` wants to see where the input has as many. */
export const DETECT_LENGTH = 512

/** Told by the first bytes, never by the name. */
export function detect(bytes: Uint8Array, start: number, end: number): Detected {
  const length = end - start
  if (length === 0) return { kind: 'other', looksLike: 'an empty file' }
  if (length >= 4 && pcapByteOrder(bytes, start) !== null) return { kind: 'pcap' }
  if (length >= 12 ? isSectionHeader(bytes, start) : startsWith(bytes, start, end, '\x0a\x0d\x0d\x0a'))
    return { kind: 'pcapng' }
  if (length >= 3 && startsWith(bytes, start, end, '\x1f\x8b\x08')) return { kind: 'compressed', compression: 'gzip' }
  if (length >= 4 && isZstdMagic(readU32Le(bytes, start))) return { kind: 'compressed', compression: 'zstd' }
  for (const [magic, looksLike] of OTHER_MAGICS) {
    if (startsWith(bytes, start, end, magic)) return { kind: 'other', looksLike }
  }
  if (startsWith(bytes, start + TAR_MAGIC_AT, end, 'ustar'))
    return { kind: 'other', looksLike: 'a tar archive: extract the capture from it first' }
  return { kind: 'other', looksLike: describeText(bytes, start, end) ?? describeBinary(bytes, start, end) }
}

/** POSIX.1-1988, the header block of a file in an archive. */
const TAR_MAGIC_AT = 257

/** Formats that people mistake for pcap, with what to do about them. */
const OTHER_MAGICS: readonly (readonly [magic: string, looksLike: string])[] = [
  ['\x04\x22\x4d\x18', 'an lz4 stream: decompress it first, as in `lz4 -dc FILE | pqcap -`'],
  ['\x02\x21\x4c\x18', 'an lz4 stream: decompress it first, as in `lz4 -dc FILE | pqcap -`'],
  ['\xfd7zXZ\x00', 'an xz stream: decompress it first, as in `xz -dc FILE | pqcap -`'],
  ['BZh', 'a bzip2 stream: decompress it first, as in `bzip2 -dc FILE | pqcap -`'],
  ['PK\x03\x04', 'a zip archive: extract the capture from it first'],
  ['PK\x05\x06', 'an empty zip archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive: extract the capture from it first'],
  ['snoop\x00\x00\x00', 'a Solaris snoop capture: convert it with `editcap -F pcapng FILE OUT`'],
  ['RTSS', 'a Microsoft Network Monitor 1 capture: convert it with `editcap -F pcapng FILE OUT`'],
  ['GMBU', 'a Microsoft Network Monitor 2 capture: convert it with `editcap -F pcapng FILE OUT`'],
  ['TRSNIFF data', 'a Sniffer capture: convert it with `editcap -F pcapng FILE OUT`'],
  ['XCP\x00', 'a NetXRay capture: convert it with `editcap -F pcapng FILE OUT`'],
  ['btsnoop\x00', 'a Bluetooth snoop log, which holds no IP packets'],
  ['\x7fELF', 'an ELF program'],
  ['%PDF-', 'a PDF document'],
  ['\x89PNG', 'a PNG picture'],
  ['SQLite format 3\x00', 'an SQLite database'],
  ['-----BEGIN ', 'a PEM file'],
]

/** An ETW trace (`netsh trace`, `pktmon`): a WMI buffer header whose first word is the buffer size (wmistr.h). */
function isEtl(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 0x60) return false
  const bufferSize = readU32Le(bytes, start)
  return (
    bufferSize >= 0x1000 &&
    bufferSize <= 0x100_0000 &&
    bufferSize % 0x400 === 0 &&
    readU32Le(bytes, start + 4) <= bufferSize
  )
}

function describeText(bytes: Uint8Array, start: number, end: number): string | null {
  const beginning = bytes.subarray(start, Math.min(end, start + DETECT_LENGTH))
  let beyondAscii = 0
  for (const byte of beginning) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) return null
    if (byte >= 0x80) beyondAscii++
  }
  const text = new TextDecoder().decode(beginning).trimStart()
  // Text in Latin-1 and its like has some bytes that are no UTF-8; so may the end of what is looked at.
  const isForeign = text.slice(0, -1).includes('\ufffd') || text === '\ufffd'
  if (isForeign && beyondAscii * 3 > beginning.length) return null
  if (/^(<!doctype html|<html|<head|<body)/i.test(text)) return 'an HTML page: the download may have failed'
  if (/^version https:\/\/git-lfs/.test(text)) return 'a Git LFS pointer: fetch the file itself with `git lfs pull`'
  if (/^<\?xml|^<pdml|^<psml/.test(text)) return 'an XML file: give the capture itself, not an export of it'
  if (/^[[{]/.test(text)) return 'a JSON file: give the capture itself, not an export of it'
  if (/^\d\d:\d\d:\d\d\.\d+ /.test(text)) return 'what tcpdump prints: write a capture with `tcpdump -w FILE`'
  return 'a text file'
}

function describeBinary(bytes: Uint8Array, start: number, end: number): string {
  if (isEtl(bytes, start, end)) return 'an ETL trace: convert it with `etl2pcapng` or `pktmon etl2pcap`'
  const magic =
    end - start < 4 ? `${end - start} bytes` : `first bytes 0x${readU32Be(bytes, start).toString(16).padStart(8, '0')}`
  return `an unknown binary file (${magic})`
}

function startsWith(bytes: Uint8Array, start: number, end: number, magic: string): boolean {
  if (end - start < magic.length) return false
  for (let i = 0; i < magic.length; i++) if (bytes[start + i] !== magic.charCodeAt(i)) return false
  return true
}
