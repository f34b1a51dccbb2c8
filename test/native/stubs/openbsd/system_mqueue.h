#error "OpenBSD has no POSIX message queues"
