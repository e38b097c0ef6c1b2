package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hessian behind a Raft port has been a remote code execution (CVE-2025-26866). */
class ClassPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.alipay.remoting.rpc.RpcServer",
                "com.alipay.remoting.serialization.HessianSerializer",
                "com.caucho.hessian.io.HessianInput",
                "com.alipay.hessian.io.HessianInput"
            })
    void hasNoForeignTransport(String className) {
        assertThatThrownBy(() -> Class.forName(className))
                .isInstanceOf(ClassNotFoundException.class);
    }
}
