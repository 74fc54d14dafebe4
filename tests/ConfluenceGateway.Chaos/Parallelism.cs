using Xunit.v3;

// A story waits most of its time, for tokens and locks to end: more of them run at once than there are cores.
[assembly: Parallelization(MaxThreads = 4)]
