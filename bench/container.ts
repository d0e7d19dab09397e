/** What a role finds in its container: Dockerfile and docker-compose.yml say so. */

export const IN_CONTAINER: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  // Node's own limit where a container has 1 GB: with a higher one, V8 collects later and the process grows.
  NODE_OPTIONS: '--enable-source-maps --max-old-space-size=512',
};
