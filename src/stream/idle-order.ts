import type { Conversation } from './conversation.js'

/** Conversations by when they last had data, oldest first. */
export class IdleOrder {
  count = 0
  private oldest: Conversation | null = null
  private newest: Conversation | null = null

  /** Moves a conversation to the young end, adding it where it is new. */
  touch(conversation: Conversation): void {
    if (this.newest === conversation) return
    if (conversation.newer !== null || conversation.older !== null || this.oldest === conversation)
      this.remove(conversation)
    this.count++
    conversation.older = this.newest
    if (this.newest !== null) this.newest.newer = conversation
    else this.oldest = conversation
    this.newest = conversation
  }

  remove(conversation: Conversation): void {
    const { older, newer } = conversation
    if (older === null && newer === null && this.oldest !== conversation) return
    if (older !== null) older.newer = newer
    else this.oldest = newer
    if (newer !== null) newer.older = older
    else this.newest = older
    conversation.older = null
    conversation.newer = null
    this.count--
  }

  first(): Conversation | null {
    return this.oldest
  }
}
