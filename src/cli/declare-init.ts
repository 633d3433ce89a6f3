import type { Command } from 'commander'
import type { Session } from './session.js'

/** Declares `pqcap init`. */
export function declareInit(program: Command, session: Session, exit: (status: number) => void): void {
  program
    .command('init')
    .description('write a policy to begin with')
    .argument('[file]', 'where to', 'pqcap.policy.yaml')
    .option('--force', 'also over a file that is there')
    .action(async (file: string, { force = false }: { readonly force?: boolean }) => {
      const { initCommand } = await import('./init-command.js')
      exit(initCommand(file, force, session))
    })
}
