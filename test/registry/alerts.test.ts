import { expect, it } from 'vitest'
import { alertDescription, alertLevel } from '../../src/registry/alerts.js'

it.each([
  [0, 'close_notify'],
  [40, 'handshake_failure'],
  [116, 'certificate_required'],
  [200, 'unknown (200)'],
])('describes alert %i as %s', (id, description) => {
  expect(alertDescription(id)).toBe(description)
})

it.each([
  [1, 'warning'],
  [2, 'fatal'],
  [0, 'unknown (0)'],
  [3, 'unknown (3)'],
])('calls alert level %i %s', (id, level) => {
  expect(alertLevel(id)).toBe(level)
})
