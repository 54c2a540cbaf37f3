# Who may send purges: the machines of the workers.
acl purgers {
    "127.0.0.1";
    "::1";
}
