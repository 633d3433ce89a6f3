import { FATAL } from '../registry/alerts.js'
import type { Role } from '../registry/types.js'
import type { Side } from './side.js'

/** Clear alerts of one handshake that are kept, and a fatal one: a peer that sends more is playing. */
export const MAX_ALERTS = 16

export interface EarlyAlert {
  readonly side: Side
  readonly level: number
  readonly description: number
  readonly frame: number
  /** It stands between the records of a hello of the same side. */
  readonly withinHello: boolean
}

/** Alerts from before it was known who is the client. */
export class EarlyAlerts {
  private alerts: readonly EarlyAlert[] = []

  get isEmpty(): boolean {
    return this.alerts.length === 0
  }

  /** Keeps one more than are listed, so that it is noted that there were more, and a fatal one however many came before. */
  keep(alert: EarlyAlert): void {
    const isFull = this.alerts.length > MAX_ALERTS
    if (!isFull || (alert.level === FATAL && this.alerts.every(({ level }) => level !== FATAL)))
      this.alerts = [...this.alerts, alert]
  }

  /** Takes those that belong to a hello which is read now, or cut: what the server said before answers the client's alone. */
  take(from: Role, isServer: (side: Side) => boolean): readonly EarlyAlert[] {
    const { alerts } = this
    this.alerts = from === 'client' ? [] : alerts.filter(({ withinHello }) => !withinHello)
    return alerts.filter(({ side, withinHello }) => withinHello || (from === 'client' && isServer(side)))
  }
}
