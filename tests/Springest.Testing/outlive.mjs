// Ctrl-C reaches every process of the console. Azurite must outlive the programs that write to it: it ends by SIGTERM.
const once = process.once;
process.once = (event, listener) => event === "SIGINT" ? process.on(event, () => {}) : once.call(process, event, listener);
