package org.eclipse.jetty.security;

import org.eclipse.jetty.server.Handler;

/**
 * Stands in for Jetty's class of this name, which the Python package that brings Kafka Connect does not have: the servlets of its REST
 * interface name it, and make none unless they are to check passwords.
 */
public abstract class SecurityHandler extends Handler.Wrapper {
    protected SecurityHandler() {}
}
