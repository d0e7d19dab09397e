/** What can be fuzzed. */
export interface FuzzTarget {
  /** One made-up input, the same for the same seed. Rejects when something that must hold does not. */
  run(seed: number): Promise<void>;
  /** One input takes no more of the processor. */
  mostMs: number;
  /** Of the whole process. */
  mostMegabytes: number;
}
