/** What only workers have: a file is read without waiting for an event. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
