import type { z } from 'zod';
import type { App } from '../app.ts';

/** How a command tells how far it is; the terminal draws a bar, a service ignores it. */
export interface CommandTools {
  progress: (label: string, done: number, total: number | null) => void;
  /** True when channels may fetch images from this process while the command runs. */
  startWork: () => Promise<void>;
}

/**
 * One command, wherever it runs: in the CLI's own process, or in the service that holds the data folder. The answer is
 * plain JSON with the keys that scripts rely on, so that both ways print the same.
 */
export interface Command<Input = never, Answer extends object = object> {
  name: string;
  input: z.ZodType<Input>;
  run(app: App, input: Input, tools: CommandTools): Promise<Answer>;
  /** For people: a table, a sentence. */
  text(answer: Answer): string;
  /** 1 when something was refused or failed. */
  failed?(answer: Answer): boolean;
}

/** Keeps the types of a command together. */
export function defineCommand<Input, Answer extends object>(command: Command<Input, Answer>): Command<Input, Answer> {
  return command;
}
