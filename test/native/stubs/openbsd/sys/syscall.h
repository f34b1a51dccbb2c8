#error "the numbers of system calls are private here: call libc"
