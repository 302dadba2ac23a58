"""The telephone exchange 呼叫中心交换机: the port behind which any exchange fits, and a simulated one."""
