import { gzipSync } from 'node:zlib'
import { join } from '../test/support/bytes.js'
import { rawBlock, runLengthBlock, skippableFrame, type ZstdBlock, zstdFrame } from '../test/support/zstd.js'
import type { Random } from './random.js'

/** A capture compressed in one of the ways that compressors have, now and then damaged. */
export function compressed(bytes: Uint8Array, random: Random): Uint8Array {
  const whole = random.oneIn(3) ? zstd(bytes, random) : gzip(bytes, random)
  if (random.oneIn(2)) return whole
  if (random.oneIn(2)) return whole.slice(0, random.below(whole.length))
  const damaged = whole.slice()
  for (let count = random.length(4); count > 0; count--) damaged[random.below(damaged.length)] = random.below(256)
  return damaged
}

function gzip(bytes: Uint8Array, random: Random): Uint8Array {
  const level = random.pick([0, 1, 6])
  const half = random.below(bytes.length)
  const members = random.oneIn(3) ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes]
  const tail = random.oneIn(6) ? random.bytes(random.length(30)) : new Uint8Array(0)
  return join(...members.map((member) => gzipSync(member, { level })), tail)
}

function zstd(bytes: Uint8Array, random: Random): Uint8Array {
  const blocks: ZstdBlock[] = []
  const size = random.between(1, 4096)
  for (let at = 0; at < bytes.length; at += size) blocks.push(rawBlock(bytes.slice(at, at + size)))
  if (random.oneIn(4)) blocks.push(runLengthBlock(random.below(256), random.below(2000)))
  if (blocks.length === 0) blocks.push(rawBlock(bytes))
  const cut = random.oneIn(3) ? random.between(1, blocks.length) : blocks.length
  const frames = [blocks.slice(0, cut), blocks.slice(cut)].filter((some) => some.length > 0)
  const skipped = random.oneIn(4) ? skippableFrame(random.bytes(random.below(40)), random.below(16)) : new Uint8Array(0)
  return join(skipped, ...frames.map((some) => zstdFrame(random.pick([0, 0x20, 0x48]), some)))
}
