/** A small file system of its own for the database, to be filled: a tmpfs with a size, where this process may mount one. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Room for the database of a run, several times over. */
const SIZE_MB = 1_024;
const PIECE = Buffer.alloc(1 << 20);
const FILLER = 'filler-of-chaos';

/** Mounts it on the folder, with so many MB. Answers with why not, where that cannot be. */
export function mountSmallDisk(folder: string, sizeMb = SIZE_MB): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    return said || (error as Error).message;
  }
}

export function unmountSmallDisk(folder: string): void {
  // Lazily: a process that is just ending may still have a file open.
  execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
}

/** Takes all the room there is. */
export function fillDisk(folder: string): void {
  const file = openSync(join(folder, FILLER), 'w');
  try {
    // A piece that fits in part is written in part; then byte by byte nothing more fits.
    for (let size = PIECE.length; size >= 1;) {
      try {
        writeSync(file, PIECE, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 16);
      }
    }
  } finally {
    closeSync(file);
  }
}

/** Gives it back. */
export function freeDisk(folder: string): void {
  rmSync(join(folder, FILLER), { force: true });
}
