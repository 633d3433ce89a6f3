import type { Command } from 'commander'
import type { Session } from './session.js'

/** Declares `pqcap init`. */
export function declareInit(program: Command, session: Session, exit: (status: number) => void): void {
  program
    .command('init')
    .description('write a policy to start from')
    .argument('[file]', 'where to write it', 'pqcap.policy.yaml')
    .option('--force', 'overwrite a file that exists')
    .action(async (file: string, { force = false }: { readonly force?: boolean }) => {
      const { initCommand } = await import('./init-command.js')
      exit(initCommand(file, force, session))
    })
}
