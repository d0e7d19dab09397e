/** The interface of a fuzz target. */
export interface FuzzTarget {
  /** One made-up input, the same for the same seed. Rejects when something that must hold does not. */
  run(seed: number): Promise<void>;
  /** One input takes no more of the processor. */
  mostMs: number;
  /** Memory limit of the whole process. */
  mostMegabytes: number;
}
